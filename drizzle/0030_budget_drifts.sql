CREATE TABLE "budget_drifts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "budget_drifts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"budget_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"found" text NOT NULL,
	"drift_usd" numeric(24, 12),
	"amount_usd" numeric(24, 12) NOT NULL
);
--> statement-breakpoint
ALTER TABLE "budget_states" ADD COLUMN "counter" text;--> statement-breakpoint
ALTER TABLE "budget_states" ADD COLUMN "drift_usd" numeric(24, 12);--> statement-breakpoint
ALTER TABLE "budget_drifts" ADD CONSTRAINT "budget_drifts_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "budget_drifts_budget_idx" ON "budget_drifts" USING btree ("budget_id","id");