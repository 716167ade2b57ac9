-- One row per referral source of a request, of which one is the main source
with
sources as (
    select * from stg_referral
),

final as (
    select
        request_id,
        referral_source_code,
        -- Where the export does not say which source is the main one, the first that it names is.
        coalesce(
            is_declared_main,
            row_number() over (partition by request_id order by source_file, source_row) = 1
        ) as is_main,
        load_id,
        source_file,
        source_row
    from sources
)

select * from final
