using Faas.Actors.Sandboxes.Doctor;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Doctor;

public sealed class NamespaceRemedyTests
{
    [Theory]
    [InlineData("bwrap: setting up uid map: Permission denied", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor")]
    [InlineData(
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.",
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "kernel.unprivileged_userns_clone=1")]
    [InlineData(
        "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)",
        "/proc/sys/user/max_user_namespaces",
        "0",
        "user.max_user_namespaces")]
    [InlineData("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "", "", "systempaths=unconfined")]
    [InlineData("bwrap: Creating new namespace failed: Operation not permitted", "", "", "seccomp=unconfined")]
    public void Each_refusal_of_the_kernel_has_its_remedy(string stderr, string file, string value, string remedy) =>
        Assert.Contains(remedy, NamespaceRemedy.For(stderr, path => path == file ? value : null), StringComparison.Ordinal);

    [Theory]
    [InlineData("node: bad option")]
    [InlineData("bwrap: Can't find source path /usr/share/x: No such file or directory")]
    [InlineData("")]
    public void For_what_is_no_refusal_nothing_is_made_up(string stderr) => Assert.Null(NamespaceRemedy.For(stderr, _ => "1"));

    [Fact]
    public void A_file_that_is_not_there_is_no_error() => Assert.Null(NamespaceRemedy.ReadFile("/proc/sys/no/such/file"));
}
