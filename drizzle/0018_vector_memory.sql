-- The role that works on applications' memory (R11). It may do nothing but that, and sees one tenant at a time: row-level
-- security holds for it even where Engram itself signs in as a superuser, for whom it does not.
CREATE EXTENSION IF NOT EXISTS vector;--> statement-breakpoint
DO $$ BEGIN
	BEGIN
		CREATE ROLE engram_memory NOLOGIN NOINHERIT;
	EXCEPTION
		WHEN duplicate_object OR unique_violation THEN NULL; -- roles belong to the cluster, not to the database
		WHEN insufficient_privilege THEN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'engram_memory') THEN
				RAISE EXCEPTION 'The role engram_memory is missing, and % may not create it', current_user
					USING HINT = format('As a superuser: CREATE ROLE engram_memory NOLOGIN NOINHERIT; GRANT engram_memory TO %I;', current_user);
			END IF;
	END;
	IF NOT pg_has_role(current_user, 'engram_memory', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
		EXECUTE format('GRANT engram_memory TO %I', current_user);
	END IF;
END $$;
--> statement-breakpoint
CREATE TABLE "memory" (
	"tenant" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"user_id" text,
	"content" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"embedding" vector NOT NULL,
	"embedding_model" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"content_hash" text NOT NULL,
	"words" tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, content)) STORED NOT NULL,
	CONSTRAINT "memory_tenant_id_pk" PRIMARY KEY("tenant","id")
) PARTITION BY LIST ("tenant");
--> statement-breakpoint
CREATE TABLE "memory_activity" (
	"minute" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"process" text NOT NULL,
	"searches" integer NOT NULL,
	"cached" integer NOT NULL,
	"bins" jsonb NOT NULL,
	"added" integer NOT NULL,
	"updated" integer NOT NULL,
	"deleted" integer NOT NULL,
	CONSTRAINT "memory_activity_tenant_minute_process_pk" PRIMARY KEY("tenant","minute","process")
);
--> statement-breakpoint
CREATE TABLE "memory_partitions" (
	"tenant" text PRIMARY KEY NOT NULL,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "memory_partitions_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"model" text,
	"dimensions" smallint,
	"metric" text DEFAULT 'cosine' NOT NULL,
	"index_type" text DEFAULT 'vector' NOT NULL,
	"m" smallint DEFAULT 16 NOT NULL,
	"ef_construction" smallint DEFAULT 64 NOT NULL,
	"ef_search" smallint DEFAULT 40 NOT NULL,
	"recall_target" real DEFAULT 0.95 NOT NULL,
	"leaving_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memory_partitions_number_unique" UNIQUE("number"),
	CONSTRAINT "memory_partitions_model_check" CHECK (("model" IS NULL) = ("dimensions" IS NULL)),
	CONSTRAINT "memory_partitions_metric_check" CHECK ("metric" IN ('cosine', 'l2', 'ip')),
	CONSTRAINT "memory_partitions_index_check" CHECK ("index_type" IN ('vector', 'halfvec') AND "m" BETWEEN 2 AND 100
		AND "ef_construction" BETWEEN 4 AND 1000 AND "ef_construction" >= 2 * "m"),
	CONSTRAINT "memory_partitions_search_check" CHECK ("ef_search" BETWEEN 1 AND 1000 AND "recall_target" > 0 AND "recall_target" <= 1)
);
--> statement-breakpoint
CREATE TABLE "memory_recalls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "memory_recalls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tenant" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"k" smallint NOT NULL,
	"sample" smallint NOT NULL,
	"ef_search" smallint NOT NULL,
	"recall" real NOT NULL,
	"low" real NOT NULL,
	"high" real NOT NULL,
	"target" real NOT NULL,
	"points" jsonb NOT NULL,
	"exact_ms_p_50" real NOT NULL,
	"exact_ms_p_95" real NOT NULL,
	"database_ms" real NOT NULL,
	"rows" bigint NOT NULL,
	"dead_rows" bigint NOT NULL,
	"scheduled" boolean NOT NULL,
	"requested_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memory_samples" (
	"tenant" text PRIMARY KEY NOT NULL,
	"sampled_at" timestamp with time zone NOT NULL,
	"rows" bigint NOT NULL,
	"dead_rows" bigint NOT NULL,
	"table_bytes" bigint NOT NULL,
	"toast_bytes" bigint NOT NULL,
	"index_bytes" bigint,
	"other_index_bytes" bigint NOT NULL,
	"index_name" text,
	"index_state" text NOT NULL,
	"index_type" text,
	"index_m" smallint,
	"index_ef_construction" smallint,
	"index_blocks_hit" bigint NOT NULL,
	"index_blocks_read" bigint NOT NULL,
	"index_hit_ratio" real,
	"relations" smallint NOT NULL,
	"last_vacuum_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"searches_per_minute" real NOT NULL,
	"search_ms_p_95" real
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"tenant" text NOT NULL,
	"params" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"phase" text,
	"progress" real,
	"estimate_ms" integer,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"beat_at" timestamp with time zone,
	"worker" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE INDEX "memory_user_idx" ON "memory" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "memory_activity_minute_idx" ON "memory_activity" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "memory_recalls_tenant_at_idx" ON "memory_recalls" USING btree ("tenant","at");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_per_tenant" ON "jobs" USING btree ("tenant") WHERE state in ('queued', 'running');--> statement-breakpoint
ALTER TABLE "memory" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "memory" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "memory_of_tenant" ON "memory" TO engram_memory USING ("tenant" = current_setting('engram.tenant', true));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "memory" TO engram_memory;--> statement-breakpoint
-- Gives a registered tenant its partition and answers its number; null where it has one. Made apart and then attached,
-- because CREATE TABLE ... PARTITION OF would lock out every search of every tenant.
CREATE FUNCTION add_memory_partition(slug text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	n integer;
	part text;
BEGIN
	PERFORM FROM tenants WHERE tenants.slug = add_memory_partition.slug FOR KEY SHARE;
	IF NOT FOUND THEN RETURN NULL; END IF;
	INSERT INTO memory_partitions (tenant) VALUES (slug) ON CONFLICT DO NOTHING RETURNING number INTO n;
	IF n IS NULL THEN RETURN NULL; END IF;
	part := 'memory_t' || n;
	EXECUTE format('CREATE TABLE %I (LIKE memory INCLUDING ALL)', part);
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
	EXECUTE format('ALTER TABLE memory ATTACH PARTITION %I FOR VALUES IN (%L)', part, slug);
	RETURN n;
END $$;
