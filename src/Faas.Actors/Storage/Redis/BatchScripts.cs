namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The changes of batches, as scripts of Redis, each of which is one step. Those that come with the changes of its runs are in
/// <see cref="KeptScripts"/>.
/// <para>
/// Theory of operation. A batch of up to 10000 runs is accepted in one step, and Redis does nothing else meanwhile. So what one run needs
/// is done once for all runs where that is possible: the bounds of the queue are those of the sum, the runs get consecutive numbers, and
/// indexes take many members at a time.
/// </para>
/// <para>
/// Keys, behind <see cref="StoreKeys.Kept"/> as those of the runs: <c>batch:ID</c>, a hash; <c>batch:ID:log</c>, a stream of ends, in which
/// entry 1-0 is the first; <c>batches</c>, the ids by number; <c>batches-ended</c>, the ids by their ends. A batch is forgotten some time
/// after its end, as a run is, and counts as its call, 1 KiB, and 64 bytes for each run.
/// </para>
/// </summary>
internal static class BatchScripts
{
    /// <summary>
    /// ARGV: fence, id, path, rank (0: first), milliseconds since 1970 before which no run starts, most that wait of the path, in all, most
    /// bytes, form, call, name of the call or nothing, what it asks for, and of each run: id, call, input. Returns the number that
    /// <see cref="KeptScripts.Accept"/> returns for a run that is not accepted; or the id of the batch that the name stands for now, and
    /// what the call of that batch asked for.
    /// </summary>
    public const string Accept = KeptScripts.Common + KeptScripts.Accepting + """
        local id, path, rank, after, form, name, print = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[9], ARGV[11], ARGV[12]
        local first, width, atOnce = 13, 3, 500
        local known = name ~= '' and call('HGET', key('once'), name)
        if known then return {known, call('HGET', batch(known), 'print')} end
        if call('EXISTS', batch(id)) == 1 then return {id, print} end
        local runs = (#ARGV - first + 1) / width
        if tonumber(call('HGET', key('waiting'), '') or 0) + runs > tonumber(ARGV[7]) then return 1 end
        if tonumber(call('HGET', key('waiting'), path) or 0) + runs > tonumber(ARGV[6]) then return 2 end
        local open = 0
        for at = first, #ARGV, width do open = open + #ARGV[at + 1] + #ARGV[at + 2] end
        local held = tonumber(call('GET', key('open')) or 0)
        if held > 0 and held + open > tonumber(ARGV[8]) then return 3 end

        local number = call('INCRBY', key('seq'), runs + 1) - runs
        call('HSET', batch(id), 'form', form, 'number', number, 'call', ARGV[10], 'count', runs, 'queued', runs, 'running', 0, 'ended', 0)
        call('ZADD', key('batches'), number, id)
        call('INCRBY', key('open'), open + sizeOfBatch(id))
        if name ~= '' then
          call('HSET', batch(id), 'once', name, 'print', print)
          call('HSET', key('once'), name, id)
        end
        local waits = tonumber(after) > now
        local index, all, queued = 0, {}, {}
        for at = first, #ARGV, width do
          number = number + 1
          local one, place = ARGV[at], string.format('%.0f', rank * 2 ^ 49 + number)
          call('HSET', run(one), 'form', form, 'state', 'queued', 'path', path, 'number', number, 'call', ARGV[at + 1],
            'input', ARGV[at + 2], 'place', place, 'batch', id, 'index', index)
          all[#all + 1], all[#all + 2] = number, one
          queued[#queued + 1], queued[#queued + 2] = waits and after or place, one
          index = index + 1
          if #all == 2 * atOnce or index == runs then
            call('ZADD', key('all'), unpack(all))
            call('ZADD', waits and key('later') or queue(path), unpack(queued))
            all, queued = {}, {}
          end
        end
        count(path, runs)
        if not waits and not call('ZSCORE', key('turns'), path) then call('ZADD', key('turns'), call('INCR', key('turn')), path) end
        return {id, print}
        """;
}
