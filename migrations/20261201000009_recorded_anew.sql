-- An object that still lives when the key of its values is deleted is recorded anew. That is not its first observation.

-- The incarnation whose row was removed then.
ALTER TABLE read.targets ADD COLUMN forgotten_uid text;
ALTER TABLE read.revisions ADD COLUMN anew boolean NOT NULL DEFAULT false;
