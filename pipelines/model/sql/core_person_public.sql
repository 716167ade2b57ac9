-- One row per public to which the person of a request says she belongs
with
publics as (
    select * from stg_person_public
),

final as (
    select
        request_id,
        public_code,
        load_id,
        source_file,
        source_row
    from publics
)

select * from final
