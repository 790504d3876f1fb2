import { Button } from "@mantine/core"
import { IconBan } from "@tabler/icons-react"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { LoadMore } from "../ui/LoadMore.tsx"
import { Page } from "../ui/Page.tsx"
import { NumberFilter } from "./NumberFilter.tsx"
import { type OptOut, optOutsQuery } from "./optOuts.ts"
import { OptOutTable } from "./OptOutTable.tsx"
import { UndoOptOutDialog } from "./UndoOptOutDialog.tsx"

export const OptOutsPage = () => {
  const { t } = useTranslation("optOuts")
  const { t: common } = useTranslation()
  const { number } = useSearch({ from: "/opt-outs" })
  const navigate = useNavigate({ from: "/opt-outs" })
  const query = useInfiniteQuery(optOutsQuery(number))
  const [removed, setRemoved] = useState<OptOut>()
  const filter = (id: number | undefined) => void navigate({ search: id === undefined ? {} : { number: id } })

  return (
    <Page title={t("title")} intro={t("intro")}>
      <NumberFilter value={number} onChange={filter} />
      <Loaded query={query}>
        {({ pages }) => {
          const optOuts = pages.flatMap(({ opt_outs }) => opt_outs)
          if (optOuts.length > 0) return <OptOutTable optOuts={optOuts} onRemove={setRemoved} />
          if (number === undefined) return <Empty Icon={IconBan} title={t("empty.title")} text={t("empty.text")} />
          return (
            <Empty Icon={IconBan} title={t("emptyOfNumber.title")} text={t("emptyOfNumber.text")}>
              <Button variant="default" onClick={() => filter(undefined)}>
                {t("showAll")}
              </Button>
            </Empty>
          )
        }}
      </Loaded>
      <LoadMore query={query} label={common("action.loadMore")} />
      <UndoOptOutDialog optOut={removed} onClose={() => setRemoved(undefined)} />
    </Page>
  )
}
