import { useFormat } from "../i18n/useFormat.ts"

/** When something was, to the minute; to the second for who points at it. */
export const Moment = ({ at }: { readonly at: string }) => {
  const { exact, moment } = useFormat()
  return (
    <time dateTime={at} title={exact(at)}>
      {moment(at)}
    </time>
  )
}
