-- One row per public to which the person of a request says she belongs, as the export tells it
with
load as (
    select * from load_person_public
),

final as (
    select
        request_id,
        public_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
