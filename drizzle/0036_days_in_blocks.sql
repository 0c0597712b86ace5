CREATE TABLE "usage_daily_statuses" (
	"day" timestamp with time zone NOT NULL,
	"days" smallint NOT NULL,
	"tenant" text NOT NULL,
	"status" text NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_daily_statuses_days_day_tenant_status_pk" PRIMARY KEY("days","day","tenant","status")
);
--> statement-breakpoint
DROP INDEX "usage_daily_day_idx";--> statement-breakpoint
DROP INDEX "usage_daily_tenant_idx";--> statement-breakpoint
DROP INDEX "usage_daily_users_day_idx";--> statement-breakpoint
DROP INDEX "usage_daily_users_tenant_idx";--> statement-breakpoint
ALTER TABLE "usage_daily" ADD COLUMN "days" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
-- Without a default, a worker of the version before cannot sum a day up and forget its blocks.
ALTER TABLE "usage_daily" ALTER COLUMN "days" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "usage_daily_users" ADD COLUMN "days" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
-- Without a default, a worker of the version before cannot sum a day up and forget its blocks.
ALTER TABLE "usage_daily_users" ALTER COLUMN "days" DROP DEFAULT;--> statement-breakpoint
CREATE INDEX "usage_daily_statuses_tenant_block_idx" ON "usage_daily_statuses" USING btree ("tenant","days","day");--> statement-breakpoint
CREATE INDEX "usage_daily_block_idx" ON "usage_daily" USING btree ("days","day");--> statement-breakpoint
CREATE INDEX "usage_daily_tenant_block_idx" ON "usage_daily" USING btree ("tenant","days","day");--> statement-breakpoint
CREATE INDEX "usage_daily_users_block_idx" ON "usage_daily_users" USING btree ("days","day");--> statement-breakpoint
CREATE INDEX "usage_daily_users_tenant_block_idx" ON "usage_daily_users" USING btree ("tenant","days","day");--> statement-breakpoint
CREATE TRIGGER usage_hourly_statuses_marks_days_on_insert AFTER INSERT ON "usage_hourly_statuses" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_statuses_marks_days_on_update AFTER UPDATE ON "usage_hourly_statuses" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_statuses_marks_days_on_delete AFTER DELETE ON "usage_hourly_statuses" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
INSERT INTO "usage_stale_days" ("day") SELECT DISTINCT date_trunc('day', hour, 'UTC') FROM "usage_hourly" ON CONFLICT DO NOTHING;
