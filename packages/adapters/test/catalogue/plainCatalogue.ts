/** A small catalogue that is right, as plain data for tests to change. */
type Fields = Record<string, unknown>

const right = () => ({
  currency: "EUR",
  defaults: { sms_monthly: "0.75", number_monthly: "1.00", outbound_segment: "0.008" } as Fields,
  netherlands: { country: "NL", name: "Netherlands", local: true, mobile: true, toll_free: true } as Fields,
  germany: { country: "DE", name: "Germany", local: true, mobile: true, toll_free: false } as Fields,
  off: [] as Array<string>,
  prefixes: [] as Array<Fields>,
  /** Keys to put at the top, in place of those that are there. */
  top: {} as Fields
})

/** Text of a file that differs by what `spoil` does. */
export const changed = (spoil: (catalogue: ReturnType<typeof right>) => void): string => {
  const catalogue = right()
  spoil(catalogue)
  const { currency, defaults, germany, netherlands, off, prefixes, top } = catalogue
  return JSON.stringify({
    currency,
    defaults,
    countries: [netherlands, germany],
    destinations: { off, prefixes },
    ...top
  })
}
