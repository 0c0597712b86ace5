CREATE TABLE "conversations" (
	"tenant" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"turns" integer NOT NULL,
	CONSTRAINT "conversations_tenant_id_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"tenant" text NOT NULL,
	"conversation" text NOT NULL,
	"begun" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"usage_id" text,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_tenant_conversation_begun_ordinal_pk" PRIMARY KEY("tenant","conversation","begun","ordinal")
);
--> statement-breakpoint
CREATE TABLE "session_checks" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"milliseconds" integer NOT NULL,
	"keys_scanned" bigint NOT NULL,
	"sessions" bigint NOT NULL,
	"indexed" bigint NOT NULL,
	"indexed_without_session" integer NOT NULL,
	"sessions_without_index" integer NOT NULL,
	"junk" integer NOT NULL,
	"junk_keys" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session_logouts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"filter" jsonb NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"examined" integer DEFAULT 0 NOT NULL,
	"of_sessions" integer NOT NULL,
	"logged_out" integer DEFAULT 0 NOT NULL,
	"by" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"touched_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"undone_at" timestamp with time zone,
	"restored" integer
);
--> statement-breakpoint
CREATE INDEX "conversations_last_at_idx" ON "conversations" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "conversations_tenant_last_at_idx" ON "conversations" USING btree ("tenant","last_at");--> statement-breakpoint
CREATE INDEX "session_logouts_started_at_idx" ON "session_logouts" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "session_logouts_running_idx" ON "session_logouts" USING btree ("touched_at") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "llm_usage_conversation_idx" ON "llm_usage" USING btree ("conversation","occurred_at") WHERE conversation is not null;