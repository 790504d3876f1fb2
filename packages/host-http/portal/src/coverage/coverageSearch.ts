export const SORT_KEYS = ["country", "local", "mobile", "toll_free", "addon", "segment"] as const
export type SortKey = (typeof SORT_KEYS)[number]

/** In the page's address, so that a link or a reload keeps what is shown. */
export interface CoverageSearch {
  readonly q?: string
  readonly sort?: SortKey
  readonly desc?: true
}

export const readCoverageSearch = ({ desc, q, sort }: Record<string, unknown>): CoverageSearch => {
  const key = SORT_KEYS.find((known) => known === sort)
  return {
    // What looks like a number in an address is read as one.
    ...(typeof q === "string" || typeof q === "number" ? { q: String(q) } : {}),
    ...(key === undefined ? {} : { sort: key }),
    ...(desc === true ? { desc } : {})
  }
}
