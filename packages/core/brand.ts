declare const brand: unique symbol

/** A `T` that only the function named for it makes: a cast to it stands where the brand is earned, nowhere else. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
