"""Where would an issue come out, by the record of decided negotiations, and how sure is that?"""
