" Syntax of Casus models. Copy editors/vim to ~/.vim, or add it to runtimepath.
if exists("b:current_syntax")
  finish
endif

syn keyword casusClause when chance then again after by every sees carried rationality option
syn keyword casusClause weight worth that starts hears told hit false alarm
syn keyword casusClause given resolves says about without from assumption happened raise lower let if else
syn keyword casusClause for in except one rest ever never always first times at end over time before
syn keyword casusClause until within per once to up low mode high around words base file url via word
syn keyword casusClause of positive hourly daily weekly monthly quarterly yearly turn cut give take
syn keyword casusOperator and or not is between previous
syn keyword casusKind flag number count probability hazard duration date
syn keyword casusKind hour hours day days week weeks month months year years
syn keyword casusConstant yes no today step
syn keyword casusLater payoff observe report solve
syn keyword casusFunction sum any all max min mean exp log sqrt abs clamp logistic now since noise
syn keyword casusFunction normal lognormal beta gamma uniform triangular exponential poisson binomial
syn keyword casusFunction bernoulli student truncated mixture
syn match casusDeclaration "^\(each step\|model\|use\|unit\|source\|relay\|actor\|set\|ladder\|param\|state\|type\|belief\|correlate\|def\|stop\|check\|event\|on\|decision\|question\|story\|variant\)\>"
syn match casusNumber "\<\d\+\(\.\d\+\)\?\([eE][-+]\?\d\+\)\?\(%\|[kM]\>\)\?"
syn match casusDate "\<\d\{4}-\d\d-\d\d\>"
syn region casusString start=+"+ skip=+\\.+ end=+"+ oneline
syn match casusComment "#.*$"

hi def link casusDeclaration Statement
hi def link casusClause Keyword
hi def link casusOperator Operator
hi def link casusKind Type
hi def link casusConstant Constant
hi def link casusLater Error
hi def link casusFunction Function
hi def link casusNumber Number
hi def link casusDate Number
hi def link casusString String
hi def link casusComment Comment

let b:current_syntax = "casus"
