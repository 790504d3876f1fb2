/** A PostgreSQL that comes with the package, for the stand-alone host and for tests. */
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  layerEmbeddedClient,
  startEmbeddedPostgres
} from "./EmbeddedPostgres.ts"
export { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts"
