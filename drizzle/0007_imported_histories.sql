ALTER TABLE "prompt_activations" ADD COLUMN "imported_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD COLUMN "imported_at" timestamp with time zone;