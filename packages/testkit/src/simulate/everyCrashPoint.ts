/** Every crash point of a host that sends, carries on, and books credits. A test holds it against those that hosts come to. */
const CALLS = [
  "Carrier.submit",
  "DispatchQueue.claim",
  "DispatchQueue.enqueue",
  "DispatchQueue.hold",
  "DispatchQueue.overdue",
  "DispatchQueue.resolve",
  "DispatchQueue.settle",
  "DispatchQueue.takeOver",
  "DispatchQueue.wakeDue",
  "EventLog.append",
  "Idempotency.claim",
  "Idempotency.settle",
  "MessageStore.insert",
  "MessageStore.lock",
  "MessageStore.matchRefs",
  "MessageStore.nextIds",
  "MessageStore.save",
  "NumberRegistry.claimRenewals",
  "NumberRegistry.find",
  "NumberRegistry.hastenRenewals",
  "OptOuts.find",
  "RateLimits.lock",
  "RateLimits.save",
  "ReceiptInbox.claim",
  "ReceiptInbox.finish",
  "ReceiptInbox.hasten",
  "ReceiptInbox.postpone",
  "ReceiptInbox.put",
  "UnitOfWork.afterCommit",
  "UnitOfWork.run",
  "Wallet.balance",
  "Wallet.booked",
  "Wallet.lock",
  "Wallet.lockFree",
  "Wallet.post"
] as const

export const CRASH_POINTS: readonly [string, ...ReadonlyArray<string>] = [
  "UnitOfWork.run, at the commit",
  "UnitOfWork.run, after the commit",
  ...CALLS.flatMap((call) => [`${call}, before`, `${call}, after`])
]
