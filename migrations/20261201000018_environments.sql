-- What a cluster is for. Clusters from before are filled by the rebuild that comes with this version.
ALTER TABLE read.clusters ADD COLUMN environment text NOT NULL DEFAULT 'DEVELOPMENT';
