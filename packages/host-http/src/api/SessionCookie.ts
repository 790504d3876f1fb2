/** The name of the cookie that a browser is signed in by over http; over https it has the prefix __Host-. */
export const SESSION_COOKIE = "cliqtel_session"
