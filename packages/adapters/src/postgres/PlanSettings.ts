/**
 * How a connection's plans are to be made, as startup parameters of its client. Every statement here is written to read by
 * an index, and tested to; left to itself the server takes the word of statistics that may be a minute old, or of none.
 */
export const planSettings = {
  /** One plan for a statement, kept: most groups would be planned anew otherwise, at the cost of carrying them out. */
  plan_cache_mode: "force_generic_plan",
  /** A plan from when a table was empty would read all of it until the server next counts its rows. */
  enable_seqscan: "off",
  /** Older servers compile what cannot do without a scan, since that seems costly then. */
  jit: "off"
} as const
