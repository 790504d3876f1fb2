import { TextInput, Text } from "@mantine/core"
import { lazy, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import { readNumber, tidied } from "../readNumber.ts"
import { FieldProblem } from "./FieldProblem.tsx"
import { placeOf } from "./problemPlace.ts"
import { useFieldError } from "./useFieldError.tsx"
import type { Composer } from "./useComposer.ts"

// The tables of all countries' numbers are large: the field works before they are there.
const DestinationCountry = lazy(async () => {
  const loaded = await import("./DestinationCountry.tsx").catch(() => undefined)
  // Without them it works as well.
  return { default: loaded?.DestinationCountry ?? Nothing }
})

const Nothing = () => null

/** The recipient; written in any usual way, and shown in E.164 once it is left. */
export const ToField = ({ composer }: { readonly composer: Composer }) => {
  const { t } = useTranslation("sms")
  const [left, setLeft] = useState(false)
  const { change, draft, onKeyDown, preview } = composer
  const error = useFieldError(composer, "to")
  // The host knows better than any table here, so it is believed before anything is sent.
  const early = left && preview.error !== null && placeOf(preview.error) === "to" ? preview.error : undefined
  return (
    <div>
      <TextInput
        type="tel"
        label={t("write.to")}
        description={t("write.toHint")}
        value={draft.to}
        onChange={({ currentTarget: { value } }) => {
          setLeft(false)
          change({ to: value })
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setLeft(true)
          const number = readNumber(draft.to)
          if (number !== undefined && number !== draft.to) change({ to: number })
        }}
        error={error ?? (early === undefined ? undefined : <FieldProblem error={early} />)}
        autoComplete="off"
        dir="ltr"
        required
        withAsterisk={false}
      />
      <Text size="sm" mih={22} mt={4} component="div" aria-live="polite">
        <Suspense fallback={null}>
          <DestinationCountry number={tidied(draft.to)} />
        </Suspense>
      </Text>
    </div>
  )
}
