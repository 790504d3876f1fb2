/** What is wrong with an address wherever the host runs. What else it asks of one, it says itself. */

export type UrlFault = "urlWrong" | "urlSecret" | "urlFragment"

export const urlFault = (text: string): UrlFault | null => {
  if (!URL.canParse(text)) return "urlWrong"
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "urlWrong"
  if (url.username !== "" || url.password !== "") return "urlSecret"
  return url.hash === "" ? null : "urlFragment"
}
