autocmd BufNewFile,BufRead *.casus setfiletype casus
