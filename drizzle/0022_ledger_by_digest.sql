-- The name of an event in the ledger: 128 bits of SHA-256 over the tenant's slug, which holds no blank, and the event's id.
CREATE FUNCTION "usage_event_id"(tenant text, event_id text) RETURNS uuid
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN encode(substr(sha256(convert_to(tenant || ' ' || event_id, 'UTF8')), 1, 16), 'hex')::uuid;--> statement-breakpoint
ALTER TABLE "usage_events" RENAME TO "usage_events_by_name";--> statement-breakpoint
CREATE TABLE "usage_events" (
	"id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
INSERT INTO "usage_events" SELECT "usage_event_id"("tenant", "event_id"), "occurred_at" FROM "usage_events_by_name" ORDER BY "occurred_at";--> statement-breakpoint
DROP TABLE "usage_events_by_name";--> statement-breakpoint
ALTER TABLE "usage_events" ADD PRIMARY KEY ("id");--> statement-breakpoint
CREATE INDEX "usage_events_occurred_at_idx" ON "usage_events" USING brin ("occurred_at");
