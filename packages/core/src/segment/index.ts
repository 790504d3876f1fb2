// The rules of segments without the rest: they import nothing, so that a web page can count as the host does.
export * from "./Alphabet.ts"
export * from "./Capacity.ts"
export * from "./Segment.ts"
export * from "./Transliteration.ts"
export * from "./UserDataHeader.ts"
export * from "./UserData.ts"
export * from "./Decode.ts"
