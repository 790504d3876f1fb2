/** The part of split-sms 0.1.7 that the bench calls; the package brings no types. */
declare module "split-sms" {
  export function split(
    message: string,
    options?: { readonly summary?: boolean }
  ): {
    readonly parts: ReadonlyArray<{ readonly bytes: number }>
  }
}
