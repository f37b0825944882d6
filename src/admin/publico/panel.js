// @ts-check
// What the panel does beyond plain pages: live news, one submit per form, focus on what went wrong.
