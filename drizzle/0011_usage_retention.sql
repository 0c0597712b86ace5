CREATE TABLE "usage_months" (
	"month" timestamp with time zone PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"announced_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"dropped_at" timestamp with time zone,
	"rows" bigint,
	"bytes" bigint
);
--> statement-breakpoint
CREATE TABLE "usage_retention" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"keep_months" smallint,
	"changed_at" timestamp with time zone,
	"changed_by" text
);
--> statement-breakpoint
CREATE INDEX "usage_events_occurred_at_idx" ON "usage_events" USING brin ("occurred_at");--> statement-breakpoint
ALTER TABLE "usage_retention" ADD CONSTRAINT "usage_retention_one_row" CHECK ("only");--> statement-breakpoint
INSERT INTO "usage_retention" ("keep_months") VALUES (13);
