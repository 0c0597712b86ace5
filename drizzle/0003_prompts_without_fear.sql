ALTER TYPE "public"."activation_kind" ADD VALUE 'rollout';--> statement-breakpoint
CREATE TABLE "prompt_approvals" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"prompt_id" integer NOT NULL,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"request" jsonb NOT NULL,
	"live_revision" bigint NOT NULL,
	"reason" text,
	"requested_by_kind" "actor_kind" NOT NULL,
	"requested_by_id" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"note" text,
	"revision" bigint
);
--> statement-breakpoint
CREATE TABLE "prompt_channels" (
	"name" text PRIMARY KEY NOT NULL,
	"requires_approval" boolean NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prompt_confirmations" (
	"prompt_id" integer NOT NULL,
	"channel" text NOT NULL,
	"revision" bigint NOT NULL,
	"process" text NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"confirmed_at" timestamp with time zone,
	CONSTRAINT "prompt_confirmations_prompt_id_channel_revision_process_pk" PRIMARY KEY("prompt_id","channel","revision","process")
);
--> statement-breakpoint
CREATE TABLE "guarded_rollouts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"prompt_id" integer NOT NULL,
	"channel" text NOT NULL,
	"version" integer NOT NULL,
	"base_version" integer NOT NULL,
	"steps" integer[] NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"step_started_at" timestamp with time zone NOT NULL,
	"observe_seconds" integer NOT NULL,
	"min_requests" integer NOT NULL,
	"limits" jsonb NOT NULL,
	"revision" bigint NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"verdict" jsonb,
	"judged_at" timestamp with time zone,
	"started_by_kind" "actor_kind" NOT NULL,
	"started_by_id" text NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_reason" text
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"webhook_id" uuid NOT NULL,
	"event_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"event" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	"last_status" integer,
	"last_error" text,
	"last_duration_ms" integer
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"events" text[] NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "via" text;--> statement-breakpoint
ALTER TABLE "prompt_activations" ADD COLUMN "rollout" jsonb;--> statement-breakpoint
ALTER TABLE "prompt_deployments" ADD COLUMN "rollout" jsonb;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD COLUMN "includes" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD COLUMN "tokens" integer;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD COLUMN "tokenizer" text;--> statement-breakpoint
ALTER TABLE "prompt_approvals" ADD CONSTRAINT "prompt_approvals_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guarded_rollouts" ADD CONSTRAINT "guarded_rollouts_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "prompt_approvals_pending_key" ON "prompt_approvals" USING btree ("prompt_id","channel") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "prompt_confirmations_open_idx" ON "prompt_confirmations" USING btree ("process") WHERE confirmed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "guarded_rollouts_running_key" ON "guarded_rollouts" USING btree ("prompt_id","channel") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "guarded_rollouts_prompt_idx" ON "guarded_rollouts" USING btree ("prompt_id","channel","started_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook_idx" ON "webhook_deliveries" USING btree ("webhook_id","id");