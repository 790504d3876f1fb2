/** Mantine's looks on the router's links, whose addresses and parameters are checked. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core"
import { createLink } from "@tanstack/react-router"
import type { ComponentProps } from "react"

type Plain = Omit<ComponentProps<"a">, "color" | "style">

const PlainButton = (props: ButtonProps & Plain) => <Button component="a" {...props} />
const PlainAnchor = (props: AnchorProps & Plain) => <Anchor {...props} />

export const ButtonLink = createLink(PlainButton)
export const TextLink = createLink(PlainAnchor)
