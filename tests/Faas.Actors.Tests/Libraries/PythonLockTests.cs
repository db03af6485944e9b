using Faas.Actors.Libraries;
using Xunit;

namespace Faas.Actors.Tests.Libraries;

public sealed class PythonLockTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Each_line_names_a_library_with_its_hash() => Assert.Equal(
        ["requests", "ruamel-yaml"],
        PythonLock.NamesOf($"requests==2.31.0 --hash=sha256:{Hash}\nruamel-yaml==0.18.6.post1+local --hash=sha256:{Hash}\n")
            .Select(name => name.Text));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("requests")]
    [InlineData("requests==2 --hash=sha256:00")]
    [InlineData($"requests==2 --hash=sha256:{Hash}\revil==1 --hash=sha256:{Hash}\n")]
    [InlineData($"requests==2 --hash=sha256:{Hash}\u0085evil==1 --hash=sha256:{Hash}\n")]
    [InlineData($"requests==2 --hash=sha256:{Hash}\n\n")]
    [InlineData($"--index-url==2 --hash=sha256:{Hash}\n")]
    [InlineData($"Requests==2 --hash=sha256:{Hash}\n")]
    [InlineData($"requests==2 --hash=sha256:{Hash} --hash=sha256:{Hash}\n")]
    public void Anything_else_is_no_lock(string text)
    {
        Assert.NotNull(PythonLock.Fault(text));
        Assert.Throws<FormatException>(() => PythonLock.NamesOf(text));
    }

    [Fact]
    public void A_lock_of_more_than_256_KiB_is_none() =>
        Assert.Contains("262144", PythonLock.Fault(new string('a', PythonLock.MaxCharacters + 1)), StringComparison.Ordinal);
}
