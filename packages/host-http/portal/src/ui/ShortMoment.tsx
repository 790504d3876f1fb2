import { useFormat } from "../i18n/useFormat.ts"
import { useToday } from "./useToday.ts"

/** A moment of today by its time, others with their day; exactly where it is pointed at. */
export const ShortMoment = ({ at }: { readonly at: string }) => {
  const format = useFormat()
  const isToday = new Date(at).toDateString() === useToday()
  return (
    <time dateTime={at} title={format.exact(at)}>
      {isToday ? format.time(at) : format.moment(at)}
    </time>
  )
}
