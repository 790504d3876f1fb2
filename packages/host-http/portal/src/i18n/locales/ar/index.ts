import common from "./common.json" with { type: "json" }
import coverage from "./coverage.json" with { type: "json" }
import keys from "./keys.json" with { type: "json" }
import numbers from "./numbers.json" with { type: "json" }
import optOuts from "./optOuts.json" with { type: "json" }
import problems from "./problems.json" with { type: "json" }
import session from "./session.json" with { type: "json" }
import sms from "./sms.json" with { type: "json" }
import wallet from "./wallet.json" with { type: "json" }
import webhooks from "./webhooks.json" with { type: "json" }

export const catalogue = { common, coverage, keys, numbers, optOuts, problems, session, sms, wallet, webhooks }
