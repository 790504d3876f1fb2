/**
 * For a field of any language: what is written in it runs its own way, and while it is empty it is the page's.
 * Mantine puts `dir` on the field's frame, which never sees that text.
 */
export const ownDirection = (text: string) => ({ attributes: { input: { dir: text === "" ? undefined : "auto" } } })
