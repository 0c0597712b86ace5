CREATE TABLE "redis_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"urls" text[] NOT NULL,
	"sealed_password" text,
	"cluster" boolean DEFAULT false NOT NULL,
	"writable" boolean DEFAULT false NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "redis_connections_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "redis_pattern_deletes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" text NOT NULL,
	"pattern" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"cursor" text,
	"walks" bigint DEFAULT 1 NOT NULL,
	"taken_over" boolean DEFAULT false NOT NULL,
	"scanned" bigint DEFAULT 0 NOT NULL,
	"of_keys" bigint NOT NULL,
	"deleted" bigint DEFAULT 0 NOT NULL,
	"spared" bigint DEFAULT 0 NOT NULL,
	"problem" text,
	"by" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"touched_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "redis_pattern_deletes_started_idx" ON "redis_pattern_deletes" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "redis_pattern_deletes_running_idx" ON "redis_pattern_deletes" USING btree ("touched_at") WHERE finished_at is null;