/** Copies what is in the field. Without https a page has no clipboard, so there the old way is tried. */
export const copyFrom = async (field: HTMLInputElement): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    field.select()
    return document.execCommand("copy")
  }
}
