CREATE TABLE "session_namespaces" (
	"name" text PRIMARY KEY NOT NULL,
	"store" text NOT NULL,
	"phase" text DEFAULT 'settled' NOT NULL,
	"phase_since" timestamp with time zone DEFAULT now() NOT NULL,
	"moved" bigint DEFAULT 0 NOT NULL,
	"problem" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "session_turns_unlogged" (
	"session" text NOT NULL,
	"begun" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"own_id" text,
	"digest" text,
	"turn" text NOT NULL,
	CONSTRAINT "session_turns_unlogged_session_begun_ordinal_pk" PRIMARY KEY("session","begun","ordinal")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "sessions_unlogged" (
	"id" text NOT NULL,
	"begun" bigint NOT NULL,
	"namespace" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"ttl_seconds" integer NOT NULL,
	"data" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"turns" integer DEFAULT 0 NOT NULL,
	"turn_bytes" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"logged_out" uuid,
	"kept_until" timestamp with time zone,
	CONSTRAINT "sessions_unlogged_id_begun_pk" PRIMARY KEY("id","begun")
);
--> statement-breakpoint
ALTER TABLE "redis_samples" ADD COLUMN "table_sessions" bigint;--> statement-breakpoint
ALTER TABLE "session_checks" ADD COLUMN "misplaced" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "session_turns_unlogged" ADD CONSTRAINT "session_turns_unlogged_session_fk" FOREIGN KEY ("session","begun") REFERENCES "public"."sessions_unlogged"("id","begun") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_unlogged_live_idx" ON "sessions_unlogged" USING btree ("id") WHERE logged_out is null;--> statement-breakpoint
CREATE INDEX "sessions_unlogged_expires_idx" ON "sessions_unlogged" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sessions_unlogged_tenant_idx" ON "sessions_unlogged" USING btree ("tenant","user_id");--> statement-breakpoint
CREATE INDEX "sessions_unlogged_logged_out_idx" ON "sessions_unlogged" USING btree ("logged_out") WHERE logged_out is not null;