CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"usage" text NOT NULL,
	"reason" text,
	"state" text DEFAULT 'queued' NOT NULL,
	"phase" text,
	"actor" jsonb NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"beat_at" timestamp with time zone,
	"runner" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"found" jsonb,
	"redis" jsonb,
	"postgres" jsonb,
	"kept" jsonb,
	"receipt" jsonb,
	"verified" boolean,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"private_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "erasures_one_per_tenant" ON "erasures" USING btree ("slug") WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "erasures_requested_at_idx" ON "erasures" USING btree ("requested_at");