import { useProblemText } from "../../ui/problemText.ts"

/** Beside a field, what the host said of it: the title, and why. */
export const FieldProblem = ({ error }: { readonly error: Error }) => {
  const { text, title } = useProblemText()(error)
  return (
    <>
      <strong>{title}</strong> <span>{text}</span>
    </>
  )
}
