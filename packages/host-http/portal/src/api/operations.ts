/** The operations that the portal calls; a method or path that is not the contract's does not compile. */
import type { OperationName, Route } from "./contract.ts"

export const operations = {
  "coverage.list": ["GET", "/api/v1/portal/coverage"],
  "keys.create": ["POST", "/api/v1/portal/api_keys"],
  "keys.list": ["GET", "/api/v1/portal/api_keys"],
  "keys.revoke": ["DELETE", "/api/v1/portal/api_keys/:id"],
  "numbers.available": ["GET", "/api/v1/portal/numbers/available"],
  "numbers.change": ["PATCH", "/api/v1/portal/numbers/:id"],
  "numbers.get": ["GET", "/api/v1/portal/numbers/:id"],
  "numbers.list": ["GET", "/api/v1/portal/numbers"],
  "numbers.order": ["POST", "/api/v1/portal/numbers/orders"],
  "numbers.switchSms": ["PUT", "/api/v1/portal/numbers/:id/sms"],
  "optOuts.list": ["GET", "/api/v1/portal/opt_outs"],
  "optOuts.undo": ["DELETE", "/api/v1/portal/opt_outs"],
  "session.close": ["DELETE", "/api/v1/portal/session"],
  "session.get": ["GET", "/api/v1/portal/session"],
  "session.open": ["POST", "/api/v1/portal/session"],
  "sms.dailyStats": ["GET", "/api/v1/portal/sms/stats/daily"],
  "sms.get": ["GET", "/api/v1/portal/sms/:id"],
  "sms.list": ["GET", "/api/v1/portal/sms"],
  "sms.numbers": ["GET", "/api/v1/portal/sms/numbers"],
  "sms.preview": ["POST", "/api/v1/portal/sms/preview"],
  "sms.send": ["POST", "/api/v1/portal/sms/send"],
  "sms.stats": ["GET", "/api/v1/portal/sms/stats"],
  "wallet.entries": ["GET", "/api/v1/portal/wallet/entries"],
  "wallet.get": ["GET", "/api/v1/portal/wallet"],
  "wallet.topUp": ["POST", "/api/v1/portal/wallet/top_ups"],
  "webhooks.change": ["PATCH", "/api/v1/portal/webhooks/:id"],
  "webhooks.create": ["POST", "/api/v1/portal/webhooks"],
  "webhooks.deliveries": ["GET", "/api/v1/portal/webhooks/:id/deliveries"],
  "webhooks.list": ["GET", "/api/v1/portal/webhooks"],
  "webhooks.redeliver": ["POST", "/api/v1/portal/webhooks/:id/deliveries/:delivery_id/redeliver"],
  "webhooks.remove": ["DELETE", "/api/v1/portal/webhooks/:id"],
  "webhooks.rotateSecret": ["POST", "/api/v1/portal/webhooks/:id/rotate_secret"],
  "webhooks.test": ["POST", "/api/v1/portal/webhooks/:id/test"]
} as const satisfies { readonly [Name in OperationName]?: Route<Name> }

export type Operation = keyof typeof operations
