/** Takes the reader to the first field of a form that is marked as wrong, once that is drawn. */
export const focusFault = (form: HTMLFormElement | null): void => {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
