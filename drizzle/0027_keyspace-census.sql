CREATE TABLE "key_families" (
	"name" text PRIMARY KEY NOT NULL,
	"pattern" text NOT NULL,
	"kind" text NOT NULL,
	"decode" text NOT NULL,
	"user_at" text,
	"software" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "key_families_pattern_unique" UNIQUE("pattern")
);
--> statement-breakpoint
CREATE TABLE "redis_censuses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "redis_censuses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"keys" bigint NOT NULL,
	"examined" bigint NOT NULL,
	"measured" bigint NOT NULL,
	"report" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "redis_command_minutes" (
	"minute" timestamp with time zone NOT NULL,
	"command" text NOT NULL,
	"seconds" real NOT NULL,
	"calls" bigint NOT NULL,
	"usec" bigint NOT NULL,
	"failed" bigint NOT NULL,
	CONSTRAINT "redis_command_minutes_minute_command_pk" PRIMARY KEY("minute","command")
);
--> statement-breakpoint
CREATE TABLE "redis_slow_commands" (
	"run_id" text NOT NULL,
	"id" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"usec" bigint NOT NULL,
	"command" text NOT NULL,
	"args" text NOT NULL,
	"client" text NOT NULL,
	CONSTRAINT "redis_slow_commands_run_id_id_at_pk" PRIMARY KEY("run_id","id","at")
);
--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "own_reads" bigint;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "rejected_connections" bigint;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "max_clients" integer;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "blocked_clients" integer;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "last_save_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "last_save_ok" boolean;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "changes_since_save" bigint;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "append_only_ok" boolean;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "role" text;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "replicas" integer;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "replica_lag_bytes" bigint;--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "primary_link_up" boolean;--> statement-breakpoint
CREATE INDEX "redis_censuses_finished_idx" ON "redis_censuses" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "redis_slow_commands_at_idx" ON "redis_slow_commands" USING btree ("at");