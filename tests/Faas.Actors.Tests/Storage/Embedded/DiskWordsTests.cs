using Faas.Actors.Storage.Embedded;
using Xunit;

namespace Faas.Actors.Tests.Storage.Embedded;

public sealed class DiskWordsTests
{
    // As redis-server 7.0.15 and 7.2 write them.
    [Theory]
    [InlineData("7851:M 30 Nov 2026 12:33:38.253 # Short write while writing to the AOF file: (nwritten=38699, expected=40031)", 40_031L)]
    [InlineData("7:M 30 Nov 2026 12:33:38.253 # Error writing to the AOF file: No space left on device", 4_096L)]
    [InlineData("9:C 30 Nov 2026 12:33:38.253 # Write error writing append only file on disk: No space left on device", 4_096L)]
    [InlineData("9:C 30 Nov 2026 12:33:38.253 # Write error saving DB on disk(rdbSaveRio): No space left on device", 4_096L)]
    [InlineData("7:M 30 Nov 2026 12:33:38.253 # Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...", null)]
    [InlineData("7:M 30 Nov 2026 12:33:38.253 # Error writing to the AOF file: Input/output error", null)]
    [InlineData("7:M 30 Nov 2026 12:33:38.253 * The server is now ready to accept connections at redis.sock", null)]
    public void A_write_without_room_is_known_by_its_line(string line, long? bytes) =>
        Assert.Equal(bytes, DiskWords.UnwrittenBytes(line));

    [Theory]
    [InlineData("# Error writing to the AOF file: No space left on device", true)]
    [InlineData("# Short write while writing to the AOF file: (nwritten=1, expected=2)", false)]
    public void Only_the_error_itself_needs_no_look_at_the_room(string line, bool isFull) =>
        Assert.Equal(isFull, DiskWords.AreOfFullDisk(line));
}
