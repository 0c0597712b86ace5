CREATE TABLE "price_aliases" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "price_aliases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"tenant" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"reason" text,
	"revision" integer NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"end_revision" integer,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"target_provider" text,
	"target_model" text
);
--> statement-breakpoint
CREATE TABLE "price_book" (
	"id" integer PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_correction_rows" (
	"tenant" text NOT NULL,
	"event_id" text NOT NULL,
	"correction_id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"cost_before" numeric(24, 12),
	"price_before" integer,
	CONSTRAINT "price_correction_rows_tenant_event_id_correction_id_pk" PRIMARY KEY("tenant","event_id","correction_id")
);
--> statement-breakpoint
CREATE TABLE "price_correction_slices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "price_correction_slices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"correction_id" uuid NOT NULL,
	"applied" boolean NOT NULL,
	"slice" integer NOT NULL,
	"tenant" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"price_before" integer,
	"price_after" integer,
	"requests" bigint NOT NULL,
	"newly_priced" bigint NOT NULL,
	"newly_unpriced" bigint NOT NULL,
	"cost_before" numeric(24, 12) NOT NULL,
	"cost_after" numeric(24, 12) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_corrections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"tenants" jsonb,
	"models" jsonb,
	"reason" text NOT NULL,
	"book_revision" integer NOT NULL,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"applied_by" text,
	"applied_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"expected" bigint NOT NULL,
	"cursor_tenant" text,
	"cursor_at" timestamp with time zone,
	"cursor_id" text,
	"scanned" bigint DEFAULT 0 NOT NULL,
	"slices" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_overrides" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "price_overrides_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"tenant" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"reason" text,
	"revision" integer NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"end_revision" integer,
	"ended_by" text,
	"ended_at" timestamp with time zone,
	"rates" jsonb NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"effective_to" timestamp with time zone,
	"price_id" integer NOT NULL,
	CONSTRAINT "price_overrides_priceId_unique" UNIQUE("price_id")
);
--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "effective_from" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "effective_to" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "daily_from" text;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "daily_to" text;--> statement-breakpoint
ALTER TABLE "price_correction_rows" ADD CONSTRAINT "price_correction_rows_correction_id_price_corrections_id_fk" FOREIGN KEY ("correction_id") REFERENCES "public"."price_corrections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_correction_slices" ADD CONSTRAINT "price_correction_slices_correction_id_price_corrections_id_fk" FOREIGN KEY ("correction_id") REFERENCES "public"."price_corrections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_overrides" ADD CONSTRAINT "price_overrides_price_id_prices_id_fk" FOREIGN KEY ("price_id") REFERENCES "public"."prices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "price_aliases_current_key" ON "price_aliases" USING btree (coalesce(tenant, ''),lower(provider),lower(model)) WHERE "price_aliases"."end_revision" is null;--> statement-breakpoint
CREATE INDEX "price_correction_slices_correction_idx" ON "price_correction_slices" USING btree ("correction_id");--> statement-breakpoint
CREATE INDEX "price_correction_slices_tenant_idx" ON "price_correction_slices" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "llm_usage_unpriced_idx" ON "llm_usage" USING btree ("provider","model","tenant") WHERE cost_usd is null;