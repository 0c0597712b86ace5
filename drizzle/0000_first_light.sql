CREATE TYPE "public"."key_scope" AS ENUM('app', 'operator');--> statement-breakpoint
CREATE TYPE "public"."operator_role" AS ENUM('viewer', 'operator', 'admin');--> statement-breakpoint
CREATE TYPE "public"."activation_kind" AS ENUM('activate', 'rollback');--> statement-breakpoint
CREATE TYPE "public"."actor_kind" AS ENUM('operator', 'key', 'system');--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_kind" "actor_kind" NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "cache_lookups" (
	"minute" timestamp with time zone NOT NULL,
	"namespace" text NOT NULL,
	"tenant" text NOT NULL,
	"process" text NOT NULL,
	"hits" bigint NOT NULL,
	"misses" bigint NOT NULL,
	"saved_usd" numeric(24, 12) NOT NULL,
	CONSTRAINT "cache_lookups_minute_namespace_tenant_process_pk" PRIMARY KEY("minute","namespace","tenant","process")
);
--> statement-breakpoint
CREATE TABLE "redis_samples" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"seconds" real,
	"keyspace_hits" bigint,
	"keyspace_misses" bigint,
	"commands" bigint,
	"evicted_keys" bigint,
	"expired_keys" bigint,
	"command_usec" bigint,
	"used_memory_bytes" bigint NOT NULL,
	"max_memory_bytes" bigint NOT NULL,
	"rss_bytes" bigint NOT NULL,
	"fragmentation_ratio" real,
	"keys" bigint NOT NULL,
	"expiring_keys" bigint NOT NULL,
	"clients" integer NOT NULL,
	"live_sessions" bigint NOT NULL,
	"uptime_seconds" bigint NOT NULL,
	"run_id" text NOT NULL,
	"version" text NOT NULL,
	"max_memory_policy" text NOT NULL,
	"append_only" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scope" "key_scope" NOT NULL,
	"tenants" text[],
	"simulated" boolean DEFAULT false NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"first_event_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "operator_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operator_sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "operator_verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" "operator_role" DEFAULT 'viewer' NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operators_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"host" text NOT NULL,
	"version" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"redis_ms_per_second" real NOT NULL,
	"postgres_ms_per_second" real NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prompt_activations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "prompt_activations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"prompt_id" integer NOT NULL,
	"channel" text NOT NULL,
	"revision" bigint NOT NULL,
	"version" integer NOT NULL,
	"previous_version" integer,
	"rollback_revision" bigint,
	"kind" "activation_kind" NOT NULL,
	"actor_kind" "actor_kind" NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"reason" text,
	"committed_at" timestamp with time zone NOT NULL,
	"applied_at" timestamp with time zone,
	CONSTRAINT "prompt_activations_revision_key" UNIQUE("prompt_id","channel","revision")
);
--> statement-breakpoint
CREATE TABLE "prompt_deployments" (
	"prompt_id" integer NOT NULL,
	"channel" text NOT NULL,
	"version" integer NOT NULL,
	"revision" bigint NOT NULL,
	"activated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "prompt_deployments_prompt_id_channel_pk" PRIMARY KEY("prompt_id","channel")
);
--> statement-breakpoint
CREATE TABLE "prompt_versions" (
	"prompt_id" integer NOT NULL,
	"version" integer NOT NULL,
	"content" text NOT NULL,
	"model" text,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"variables" text[] DEFAULT '{}'::text[] NOT NULL,
	"message" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_versions_prompt_id_version_pk" PRIMARY KEY("prompt_id","version")
);
--> statement-breakpoint
CREATE TABLE "prompts" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "prompts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"description" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompts_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"simulated" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llm_usage" (
	"tenant" text NOT NULL,
	"event_id" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"key_id" uuid,
	"user_id" text,
	"conversation" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cached_input_tokens" integer NOT NULL,
	"cache_write_tokens" integer NOT NULL,
	"latency_ms" integer,
	"ttft_ms" integer,
	"prompt_name" text,
	"prompt_version" integer,
	"cached" boolean NOT NULL,
	"status" text NOT NULL,
	"cost_usd" numeric(24, 12),
	"price_id" integer
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "prices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"source" text NOT NULL,
	"digest" text NOT NULL,
	"rates" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prices_digest_key" UNIQUE("provider","model","source","digest")
);
--> statement-breakpoint
CREATE TABLE "usage_deltas" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "usage_deltas_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hour" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"prompt_name" text,
	"prompt_version" integer,
	"user_id" text,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_events" (
	"tenant" text NOT NULL,
	"event_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	CONSTRAINT "usage_events_tenant_event_id_pk" PRIMARY KEY("tenant","event_id")
);
--> statement-breakpoint
CREATE TABLE "usage_hourly" (
	"hour" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"prompt_name" text,
	"prompt_version" integer,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_hourly_key" UNIQUE NULLS NOT DISTINCT("hour","tenant","provider","model","prompt_name","prompt_version")
);
--> statement-breakpoint
CREATE TABLE "usage_hourly_users" (
	"hour" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_hourly_users_key" UNIQUE NULLS NOT DISTINCT("hour","tenant","user_id")
);
--> statement-breakpoint
ALTER TABLE "operator_accounts" ADD CONSTRAINT "operator_accounts_user_id_operators_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator_sessions" ADD CONSTRAINT "operator_sessions_user_id_operators_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."operators"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_activations" ADD CONSTRAINT "prompt_activations_prompt_id_version_prompt_versions_prompt_id_version_fk" FOREIGN KEY ("prompt_id","version") REFERENCES "public"."prompt_versions"("prompt_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_deployments" ADD CONSTRAINT "prompt_deployments_prompt_id_version_prompt_versions_prompt_id_version_fk" FOREIGN KEY ("prompt_id","version") REFERENCES "public"."prompt_versions"("prompt_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD CONSTRAINT "prompt_versions_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_at_idx" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "operator_accounts_user_id_idx" ON "operator_accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "operator_sessions_user_id_idx" ON "operator_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "operator_verifications_identifier_idx" ON "operator_verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "outbox_pending_idx" ON "outbox" USING btree ("id") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "processes_seen_at_idx" ON "processes" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "prompt_activations_committed_at_idx" ON "prompt_activations" USING btree ("committed_at");--> statement-breakpoint
CREATE INDEX "llm_usage_occurred_at_idx" ON "llm_usage" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "llm_usage_tenant_occurred_at_idx" ON "llm_usage" USING btree ("tenant","occurred_at");--> statement-breakpoint
CREATE INDEX "usage_deltas_hour_idx" ON "usage_deltas" USING btree ("hour");--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER prompt_versions_immutable BEFORE UPDATE OR DELETE ON "prompt_versions" FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER prompt_versions_no_truncate BEFORE TRUNCATE ON "prompt_versions" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION refuse_change();
