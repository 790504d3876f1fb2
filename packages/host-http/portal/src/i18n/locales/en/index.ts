import common from "./common.json" with { type: "json" }
import coverage from "./coverage.json" with { type: "json" }
import numbers from "./numbers.json" with { type: "json" }
import problems from "./problems.json" with { type: "json" }
import session from "./session.json" with { type: "json" }
import sms from "./sms.json" with { type: "json" }
import wallet from "./wallet.json" with { type: "json" }

export const catalogue = { common, coverage, numbers, problems, session, sms, wallet }
