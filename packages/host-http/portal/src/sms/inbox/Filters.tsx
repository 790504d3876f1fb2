import { Button, Group, NativeSelect } from "@mantine/core"
import { IconFilterOff } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { DIRECTIONS, type InboxSearch, readInboxSearch, STATUSES } from "../inboxSearch.ts"
import { numbersQuery } from "../../numbers/numbers.ts"
import { ContactField } from "./ContactField.tsx"
import classes from "./Filters.module.css"

/** The list's filters; they live in the address, so that it can be kept and passed on. */
export const Filters = ({ search }: { readonly search: InboxSearch }) => {
  const { t } = useTranslation("sms")
  const navigate = useNavigate()
  const numbers = useQuery(numbersQuery).data?.numbers ?? []
  /** `undefined` takes a filter away. */
  const change = (changed: Readonly<Record<string, unknown>>) =>
    void navigate({ to: "/sms", search: readInboxSearch({ ...search, ...changed }), replace: true })

  return (
    <section aria-label={t("filter.label")} className={classes.filters}>
      <ContactField key={search.contact ?? ""} contact={search.contact} onChange={(contact) => change({ contact })} />
      <NativeSelect
        label={t("filter.number")}
        value={search.number ?? ""}
        onChange={({ currentTarget: { value } }) => change({ number: value === "" ? undefined : Number(value) })}
      >
        <option value="">{t("filter.anyNumber")}</option>
        {numbers.map(({ id, number }) => (
          <option key={id} value={id}>
            {number}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={t("filter.direction")}
        value={search.direction ?? ""}
        onChange={({ currentTarget: { value } }) => change({ direction: value })}
      >
        <option value="">{t("filter.anyDirection")}</option>
        {DIRECTIONS.map((direction) => (
          <option key={direction} value={direction}>
            {t(`direction.${direction}`)}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={t("filter.status")}
        value={search.status ?? ""}
        onChange={({ currentTarget: { value } }) => change({ status: value })}
      >
        <option value="">{t("filter.anyStatus")}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {t(`status.${status}`)}
          </option>
        ))}
      </NativeSelect>
      {Object.keys(search).length > 0 && (
        <Group align="flex-end">
          <Button
            variant="subtle"
            leftSection={<IconFilterOff size={18} aria-hidden />}
            onClick={() => void navigate({ to: "/sms", search: {}, replace: true })}
          >
            {t("filter.clear")}
          </Button>
        </Group>
      )}
    </section>
  )
}
