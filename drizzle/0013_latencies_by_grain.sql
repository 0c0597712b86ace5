CREATE TABLE "budget_alerts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "budget_alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"budget_id" uuid NOT NULL,
	"period_from" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"threshold" smallint NOT NULL,
	"amount_usd" numeric(24, 12) NOT NULL,
	"spent_usd" numeric(24, 12) NOT NULL,
	"unpriced" integer NOT NULL,
	"exhausted_at" timestamp with time zone,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "budget_alerts_once" UNIQUE("budget_id","period_from","kind","threshold","amount_usd")
);
--> statement-breakpoint
CREATE TABLE "budget_states" (
	"budget_id" uuid PRIMARY KEY NOT NULL,
	"period_from" timestamp with time zone NOT NULL,
	"period_to" timestamp with time zone NOT NULL,
	"spent_usd" numeric(24, 12) NOT NULL,
	"unpriced" integer NOT NULL,
	"as_of" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"amount_usd" numeric(24, 12) NOT NULL,
	"tenant" text,
	"user_id" text,
	"key_id" uuid,
	"model" text,
	"prompt" text,
	"period" text NOT NULL,
	"rolling_days" smallint,
	"timezone" text NOT NULL,
	"thresholds" smallint[] NOT NULL,
	"enforcement" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "usage_hourly_latencies_hour_idx";--> statement-breakpoint
ALTER TABLE "budget_alerts" ADD CONSTRAINT "budget_alerts_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_states" ADD CONSTRAINT "budget_states_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "budgets_tenant_idx" ON "budgets" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "usage_hourly_latencies_grain_idx" ON "usage_hourly_latencies" USING btree ("grain","hour");