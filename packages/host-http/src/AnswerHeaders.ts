/** Headers that every answer bears unless it says otherwise. */
export const ANSWER_HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
} as const
