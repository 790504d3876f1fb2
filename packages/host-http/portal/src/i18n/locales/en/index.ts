import common from "./common.json" with { type: "json" }
import problems from "./problems.json" with { type: "json" }
import session from "./session.json" with { type: "json" }
import sms from "./sms.json" with { type: "json" }

export const catalogue = { common, problems, session, sms }
