import type { ReactNode } from "react"

/** Names and values, one a line. */
export const Facts = ({ children }: { readonly children: ReactNode }) => <dl className="facts">{children}</dl>

interface FactProps {
  readonly name: string
  readonly children: ReactNode
}

export const Fact = ({ children, name }: FactProps) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
