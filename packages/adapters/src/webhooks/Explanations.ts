/** Why a connection failed, for the endpoint's owner: nothing of what the host's own network looks like. */
import { PrivateAddress } from "./GuardedLookup.ts"

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "The name of the endpoint does not exist.",
  EAI_AGAIN: "The name of the endpoint could not be looked up.",
  ECONNREFUSED: "The endpoint refused the connection.",
  ECONNRESET: "The endpoint closed the connection without an answer.",
  EPIPE: "The endpoint closed the connection without an answer.",
  ETIMEDOUT: "No connection could be made in time.",
  EHOSTUNREACH: "The endpoint cannot be reached.",
  ENETUNREACH: "The endpoint cannot be reached.",
  CERT_HAS_EXPIRED: "The endpoint's certificate has expired.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The endpoint's certificate is for another name.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The endpoint's certificate is signed by nobody that is trusted.",
  SELF_SIGNED_CERT_IN_CHAIN: "The endpoint's certificate is signed by nobody that is trusted.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The endpoint's certificate is signed by nobody that is trusted."
}

export const explain = (error: NodeJS.ErrnoException): string => {
  if (error instanceof PrivateAddress) return error.message
  const code = error.code ?? ""
  if (code.startsWith("HPE_")) return "The endpoint did not answer by the rules of HTTP."
  return REASONS[code] ?? (code.startsWith("ERR_SSL_") ? "TLS could not be agreed on." : "The connection failed.")
}
