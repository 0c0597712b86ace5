CREATE TABLE "memory_searches" (
	"tenant" text NOT NULL,
	"slot" smallint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"model" text NOT NULL,
	"kind" text,
	"embedding" vector NOT NULL,
	CONSTRAINT "memory_searches_tenant_slot_pk" PRIMARY KEY("tenant","slot")
);
--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD COLUMN "asked" text DEFAULT 'items' NOT NULL;--> statement-breakpoint
ALTER TABLE "memory_settings" ADD COLUMN "keep_searches" boolean DEFAULT false NOT NULL;