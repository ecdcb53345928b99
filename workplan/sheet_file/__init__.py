"""The monthly sheet as an Excel file: out with what is stored, in again with what was typed into it.

`export` lays a sheet out, `writing` makes the file; `reading` takes one in, `comparing` says cell by cell what would happen and
writes it through `services.sheet`, `marking` gives the user's own file back with what is wrong. `stamps` ties the two ways together.
"""
