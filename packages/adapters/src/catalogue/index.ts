export * from "./Catalogue.ts"
